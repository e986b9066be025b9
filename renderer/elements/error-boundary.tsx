import { Component, type ErrorInfo } from 'react';

export interface ErrorBoundaryProps {
  /** What is shown instead of the part that failed; `retry` shows the part again. */
  readonly fallback: (error: Error, retry: () => void) => React.ReactNode;
  readonly onError: (error: Error, components: string) => void;
  readonly children: React.ReactNode;
}

interface State {
  readonly error: Error | null;
}

/** Keeps a fault of one part of the window from taking the rest with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override readonly state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    this.props.onError(error, info.componentStack ?? '');
  }

  override render(): React.ReactNode {
    if (this.state.error === null) return this.props.children;
    return this.props.fallback(this.state.error, () => {
      this.setState({ error: null });
    });
  }
}
