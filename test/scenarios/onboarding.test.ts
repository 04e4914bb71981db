import { startStory } from '../support/story.ts';
import { sampleDirectory } from '../../local/entra-graph/sample-directory.ts';

describe('onboarding', () => {
  it('turns a directory into contacts and lists', async () => {
    const story = await startStory({ users: sampleDirectory({ size: 300, departments: ['Sales', 'Support', 'Finance'] }) });

    const run = await story.run();
    console.log(JSON.stringify({ ...run, config: undefined }, undefined, 1).slice(0, 3000), story.failures);
    console.log(story.callsMade().messageMedia.slice(0, 12), story.messageMedia.account.violations.slice(0, 3));
    const again = await story.run();
    console.log(again.mode, again.state, JSON.stringify(again.counts), again.calls);
    const full = await story.run('full');
    console.log(full.mode, full.state, JSON.stringify(full.counts), full.calls, full.error);

    expect(run.state).toBe('completed');
    await story.close();
  });
});
