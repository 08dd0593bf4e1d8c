import type { ReactNode } from 'react';
import './states.css';

export interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly art?: ReactNode;
  /** It is all that the screen shows, so its title is the screen's. */
  readonly isScreen?: boolean;
}

/** Nothing is here yet: says what could be, and how. */
export function EmptyState({ title, children, art, isScreen = false }: EmptyStateProps) {
  return (
    <div className="empty-state">
      {art}
      {isScreen ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

export interface SkeletonProps {
  readonly rows: number;
  readonly label: string;
  readonly shape?: 'rows' | 'bubbles';
}

/** Lines of the shape that is being loaded, so that nothing jumps when it is there. */
export function Skeleton({ rows, label, shape = 'rows' }: SkeletonProps) {
  const lines = Array.from({ length: rows }, (_, index) => index);
  return (
    <div className={`skeleton skeleton-${shape}`} role="status">
      <span className="hidden-visually">{label}</span>
      {lines.map((index) => (
        <div key={index} className="skeleton-row" data-variant={index % 3}>
          <span className="skeleton-disc" />
          <span className="skeleton-lines" />
        </div>
      ))}
    </div>
  );
}

/** A count that wants to be seen. */
export function Badge({ count, label, isQuiet = false }: { count: number; label: string; isQuiet?: boolean }) {
  return (
    <span className={`badge ${isQuiet ? 'badge-quiet' : ''}`}>
      <span aria-hidden="true">{count > 999 ? '999+' : count}</span>
      <span className="hidden-visually">{label}</span>
    </span>
  );
}
