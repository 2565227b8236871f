export const forms: Record<string, string> = {};
