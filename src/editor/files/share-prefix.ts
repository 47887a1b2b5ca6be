/** What a shared link's fragment begins with, and its version: all that the first screen must know of links. */
export const SHARE_PREFIX = '#recipe1=';
