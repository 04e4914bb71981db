import { checkedLog } from './checked-log.ts';
import type { LoggedEvent } from './checked-log.ts';
import type { Story } from './story.ts';

/** Everything that the story's engine logs from now on, in order. */
export function hearEvents(story: Story): LoggedEvent[] {
  const heard: LoggedEvent[] = [];
  story.engineChanges = { ...story.engineChanges, log: checkedLog((event) => void heard.push(event)) };
  return heard;
}
