// The pair of texts, as in templates: the page says which language it is in.
export const isEnglish = document.documentElement.lang.startsWith("en");
export const t = (zh: string, en: string): string => (isEnglish ? en : zh);
