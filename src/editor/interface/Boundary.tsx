import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  /** Takes the place of what failed. `retry` draws it anew. */
  readonly fallback: (error: unknown, retry: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** Keeps an error inside: what is around it stays on the screen. (React has boundaries as classes only.) */
export class Boundary extends Component<BoundaryProps, { readonly failed: { readonly error: unknown } | null }> {
  override state = { failed: null };

  static getDerivedStateFromError(error: unknown) {
    return { failed: { error } };
  }

  override render(): ReactNode {
    const { failed } = this.state as { readonly failed: { readonly error: unknown } | null };
    if (failed === null) return this.props.children;
    return this.props.fallback(failed.error, () => this.setState({ failed: null }));
  }
}
