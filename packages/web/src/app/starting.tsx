import { ConnectionLine } from '../connection/connection-line.tsx';
import { Mark } from '../design/mark.tsx';
import './frame.css';

/** Before the first state of a new device: says how it stands with the server instead of turning a wheel. */
export function Starting() {
  return (
    <main className="starting">
      <Mark size={72} />
      <ConnectionLine isAlone />
    </main>
  );
}
