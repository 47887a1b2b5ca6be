import { useEffect, useId, useState } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly hideLabel?: boolean;
  readonly onChange: (value: number) => void;
}

/** A number typed freely and taken over when it is a number within its range; leaving the field tidies it up. */
export function NumberField({ label, value, min, max, step, hideLabel, onChange }: NumberFieldProps) {
  const id = useId();
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const parsed = Number(text);
  const isWhole = !Number.isInteger(step) || Number.isInteger(parsed);
  const isValid = text.trim() !== '' && Number.isFinite(parsed) && isWhole && parsed >= min && parsed <= max;
  return (
    <>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        type="number"
        inputMode="decimal"
        min={min}
        max={max}
        step={step}
        value={text}
        aria-invalid={!isValid}
        onChange={(event) => {
          setText(event.target.value);
          const next = event.target.valueAsNumber;
          const fits = Number.isFinite(next) && next >= min && next <= max;
          if (fits && (!Number.isInteger(step) || Number.isInteger(next))) onChange(next);
        }}
        onBlur={() => setText(String(value))}
      />
    </>
  );
}
