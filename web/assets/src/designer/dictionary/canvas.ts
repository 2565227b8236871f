export const canvas: Record<string, string> = {};
