export const panel: Record<string, string> = {};
