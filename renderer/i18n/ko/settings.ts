import type { Texts } from '../texts.js';
import type { settings as source } from '../en/settings.js';

export const settings: Texts<typeof source> = {
  title: '설정',
  pages: '설정 페이지',
  done: '완료',

  general: '일반',
  language: '언어',
  languageSystem: '시스템 설정 ({{language}})',
  theme: '화면 모드',
  themeSystem: '시스템',
  themeDark: '어둡게',
  themeLight: '밝게',
  model: '새 사진에 쓸 모델',
  modelHelp: '개별 설정이 있는 사진은 그대로 유지됩니다.',
  shortcuts: '키보드 단축키…',
  lesson: '모든 설정은 이 기기에 저장됩니다.',

  engine: '성능',
  provider: '실행 장치',
  providerHelp:
    '자동은 어디서나 작동하는 프로세서를 씁니다. 진단에서 다른 장치가 작동하는지 볼 수 있으며, 고른 장치에 문제가 생기면 프로세서로 바뀝니다.',
  providerAuto: '자동',
  providerCpu: '프로세서(CPU)',
  providerWebgpu: '그래픽 카드(WebGPU)',
  providerCuda: 'NVIDIA 그래픽 카드(CUDA)',
  providerDml: '그래픽 카드(DirectML)',
  providerCoreml: 'Apple Neural Engine(Core ML)',
  threads: '스레드',
  threadsHelp: '줄이면 다른 프로그램이 프로세서를 더 많이 쓸 수 있습니다.',
  threadsAuto: '자동: 코어마다 하나',
  tile: '타일 크기(픽셀)',
  tileHelp: '사진을 타일로 나누어 처리합니다. 작게 하면 메모리를 덜 쓰지만 조금 더 걸립니다.',
  tileAuto: '자동: 메모리에 맞춤',
  runtimeReset: '자동으로 되돌리기',

  diagnosis: '진단',
  diagnosing: '작은 타일로 가속 장치를 하나씩 시험하고 있습니다. 몇 초 걸립니다…',
  diagnoseAgain: '다시 확인',
  copy: '텍스트로 복사',
  copied: '복사됨',
  works: '작동함',
  fails: '작동하지 않음',
  absent: '이 버전에 없음',
  accelerators: '가속 장치',
  memory: '메모리',
  memoryText: '전체 {{total}}, 남은 메모리 {{free}}, 사진 한 장에 최대 {{budget}} 사용',
  threadCount: '스레드',
  formats: '형식',
  versions: '버전',

  about: '정보',
  version: '버전 {{version}}',
  privacyTitle: '개인정보',
  privacy:
    '어떤 것도 이 기기를 떠나지 않습니다. 사진을 읽고, 노이즈를 제거하고, 저장하는 일이 모두 이 기기에서 이루어집니다. 계정도, 사용 정보 수집도, 업로드도 없습니다.',
  privacyWeb:
    '어떤 것도 Stillgrain이 실행되는 기기를 떠나지 않습니다. 이 페이지는 그 기기에만 제공되며, 계정도, 사용 정보 수집도, 다른 곳으로의 업로드도 없습니다.',
  originals: '원본은 절대 바뀌지 않습니다.',
  modelsTitle: '모델',
  modelLine: '{{title}}: 가중치 {{parameters}}개, {{licence}} 라이선스',
  licenceTitle: '라이선스',
  licence:
    'Stillgrain은 MIT 라이선스로 배포되는 자유 소프트웨어입니다. 함께 쓰는 패키지에는 각각의 라이선스가 적용됩니다.',
};
