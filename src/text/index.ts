// What texts are worth as numbers. Adding a line here is a decision.
export { type HeadlineScore, scoreHeadline } from './score-headline.ts';
