export const tables: Record<string, string> = {};
