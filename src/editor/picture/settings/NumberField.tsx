import { useId, useState } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly hideLabel?: boolean;
  /** Has no say as things are. */
  readonly disabled?: boolean;
  /** What it does and may be, for those who do not see it beside the field. */
  readonly note?: string;
  /** What stands in the field and cannot be; undefined while it holds the value. */
  readonly wrong: string | undefined;
  readonly onChange: (value: number) => void;
  /** Escape takes the mistake back: undefined. */
  readonly onWrong: (text: string | undefined) => void;
}

/** A number typed freely. One that cannot be stays as it was typed, and the field says what can. */
export function NumberField({
  label,
  value,
  min,
  max,
  step,
  hideLabel,
  disabled,
  note,
  wrong,
  onChange,
  onWrong,
}: NumberFieldProps) {
  const id = useId();
  // "7." and "7.0" are 7, and are left alone while they are typed.
  const [typed, setTyped] = useState('');
  const isWhole = Number.isInteger(step);
  const fits = (text: string): boolean => {
    const number = Number(text);
    return text.trim() !== '' && number >= min && number <= max && (!isWhole || Number.isInteger(number));
  };
  const own = typed !== '' && Number(typed) === value ? typed : String(value);
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
        disabled={disabled}
        value={wrong ?? own}
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong === undefined ? note && `${id}-note` : `${id}-range`}
        onChange={(event) => {
          const text = event.target.value;
          setTyped(text);
          if (fits(text)) onChange(Number(text));
          else onWrong(text);
        }}
        onKeyDown={(event) => event.key === 'Escape' && onWrong(undefined)}
        onBlur={() => setTyped('')}
      />
      {note !== undefined && (
        <span hidden id={`${id}-note`}>
          {note}
        </span>
      )}
      {wrong !== undefined && (
        <p id={`${id}-range`} className="field-fault" role="alert">
          {isWhole ? 'A whole number' : 'A number'} from {inDigits(min)} to {inDigits(max)}
        </p>
      )}
    </>
  );
}

const inDigits = (number: number): string => number.toLocaleString('en');
