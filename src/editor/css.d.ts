import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Colour of an object's kind. */
    '--kind'?: string;
    /** Width that the picture's side was given. */
    '--panel'?: string;
    /** Which part of a picture is looked at. */
    '--zoom'?: number;
    '--x'?: number;
    '--y'?: number;
  }
}
