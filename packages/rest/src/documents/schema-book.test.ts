import { expect, test } from 'vitest';
import { SchemaBook } from './schema-book.ts';

test('a shape that has a name is written as a reference wherever it occurs, whatever the order of its keywords', () => {
  const book = new SchemaBook();
  book.define('Point', {
    type: 'object',
    properties: { x: { type: 'integer', minimum: 0, 'x-field': 1 } },
    required: ['x'],
  });
  book.define('Line', {
    type: 'object',
    properties: {
      ends: { items: { required: ['x'], properties: { x: { minimum: 0, type: 'integer' } }, type: 'object' } },
    },
  });
  expect(book.schemas.Line).toEqual({
    type: 'object',
    properties: { ends: { items: { $ref: '#/components/schemas/Point' } } },
  });
  expect(book.schemas.Point).toEqual({
    type: 'object',
    properties: { x: { type: 'integer', minimum: 0 } },
    required: ['x'],
  });
});

test('a field may be named like a keyword', () => {
  const book = new SchemaBook();
  book.define('Odd', { type: 'object', properties: { items: { type: 'string' }, 'x-wire': { type: 'string' } } });
  expect(book.schemas.Odd?.properties).toEqual({ items: { type: 'string' }, 'x-wire': { type: 'string' } });
});

test('two shapes cannot share a name', () => {
  const book = new SchemaBook();
  book.define('Thing', { type: 'object' });
  expect(() => book.define('Thing', { type: 'array' })).toThrow('Thing');
});
