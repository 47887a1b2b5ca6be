import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Colour of an object's kind. */
    '--kind'?: string;
  }
}
