// Chapters share a process of the server: starting one costs more than most of them.
import './chapters/connecting.ts';
import './chapters/frames.ts';
import './chapters/polling.ts';
import './chapters/http.ts';
