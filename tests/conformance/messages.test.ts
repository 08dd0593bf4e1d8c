import './chapters/synchronising.ts';
import './chapters/sending.ts';
import './chapters/changing.ts';
import './chapters/history.ts';
import './chapters/receipts.ts';
