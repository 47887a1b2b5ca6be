/** What was typed into a search, as it is compared: without case, and one blank between words. */
export const searchOf = (typed: string): string => typed.trim().toLowerCase().replace(/\s+/g, ' ');
