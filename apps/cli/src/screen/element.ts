import { createElement } from 'react';

/** Node runs this source as it is and knows no JSX: elements are written as calls. */
export const h = createElement;
