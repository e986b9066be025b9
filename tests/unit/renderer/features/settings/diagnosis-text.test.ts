import { describe, expect, it } from 'vitest';
import { diagnosisText } from '../../../../../renderer/features/settings/diagnosis-text.js';

describe('the diagnosis as text', () => {
  it('has everything that helps to find a fault', () => {
    const text = diagnosisText(
      { version: '1.2.3', host: 'web', platform: 'linux' },
      {
        pid: 1,
        versions: { node: '20.19.0', 'onnxruntime-node': '1.30.0' },
        providers: [
          { name: 'cpu', present: true, works: true, detail: '' },
          { name: 'webgpu', present: true, works: false, detail: 'no adapter' },
          { name: 'cuda', present: false, works: false, detail: '' },
        ],
        memory: { totalBytes: 16e9, freeBytes: 4e9, budgetBytes: 2e9 },
        threads: 4,
        formats: ['jpeg', 'png'],
      },
    );
    expect(text.split('\n')).toEqual([
      'Stillgrain 1.2.3 (web, linux)',
      'cpu: works',
      'webgpu: does not work (no adapter)',
      'cuda: not in this build',
      'memory: 16000 MB, free 4000 MB, budget 2000 MB',
      'threads: 4',
      'formats: jpeg, png',
      'node 20.19.0',
      'onnxruntime-node 1.30.0',
    ]);
  });
});
