import { TriangleAlert } from 'lucide-react';
import { useWarnings } from '#editor/painting/warnings.ts';

/** What stands in the way of the picture, before it is painted. */
export function Warnings() {
  const [first, ...more] = useWarnings();
  if (first === undefined) return null;
  return (
    <div className="notice" role="status" aria-label="Before you paint">
      <TriangleAlert size={15} aria-hidden />
      <p>
        {first}
        {more.length > 0 && ` And ${more.length} more.`}
      </p>
    </div>
  );
}
