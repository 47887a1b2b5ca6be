import { useId } from 'react';
import { settingNotes } from './setting-notes.ts';
import { pictureOfStyle } from './style-pictures.ts';

interface StyleFieldProps {
  /** Of the model. */
  readonly styles: readonly string[];
  readonly value: string;
  readonly onChange: (style: string) => void;
}

/** Whose drawings a picture resembles: each style by a picture in it, a style that has none by its name alone. */
export function StyleField({ styles, value, onChange }: StyleFieldProps) {
  const id = useId();
  const hasPictures = styles.some((style) => pictureOfStyle(style) !== undefined);
  const chosen = styles.includes(value) ? value : 'any';
  return (
    <div className="field whole" data-setting="style">
      <span className="field-label" id={id}>
        Style
      </span>
      <div className="styles" role="radiogroup" aria-labelledby={id} aria-describedby={`${id}-note`}>
        {[...new Set(['any', ...styles])].map((style) => (
          <label key={style} className="style">
            <input
              type="radio"
              className="visually-hidden"
              name={id}
              checked={style === chosen}
              onChange={() => onChange(style)}
            />
            {hasPictures && <StylePicture style={style} />}
            <span className="style-name">{style === 'any' ? 'Any' : style}</span>
          </label>
        ))}
      </div>
      <span hidden id={`${id}-note`}>
        {settingNotes.style}
      </span>
    </div>
  );
}

function StylePicture({ style }: { readonly style: string }) {
  const address = pictureOfStyle(style);
  return address === undefined ? null : <img src={address} alt="" width={128} height={96} loading="lazy" />;
}
