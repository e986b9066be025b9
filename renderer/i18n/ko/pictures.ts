import type { pictures as source } from '../en/pictures.js';
import type { Texts } from '../texts.js';

export const pictures: Texts<typeof source> = {
  page: '그림 모델',
  formTitle: '그림 모델 학습하기',
  formText:
    '그림을 몇 개의 수로 나타내고 다시 그리는 법을 배웁니다. 내 모델이 있으면 변형과 새 그림이 내 사진을 닮습니다.',
  photos: '사진',
  photosHelp: '8장 이상 필요하며, 수백 장이면 훨씬 좋습니다. 작은 정사각형으로 줄여서 씁니다.',
  fewPhotos: '사진이 적으면 금방 외워 버립니다. 수백 장이면 훨씬 좋습니다.',
  method: '무엇을 학습할까요',
  methodVae: '그림 모델',
  methodVaeNeeds: 'VAE입니다. 사진이 8장 이상 필요합니다.',
  methodGan: '더 선명한 그림',
  methodGanNeeds: 'VAE-GAN입니다. 내 그림 모델에서 이어 가며, 사진과 그림을 가려내는 두 번째 망과 겨룹니다.',
  methodGanNone: 'VAE-GAN입니다. 내 그림 모델에서 이어 갑니다. 먼저 하나를 학습하세요.',
  timeHelp:
    '프로세서 코어 두 개로 30분이면 빛, 색, 큰 형태까지 배우고 세부는 배우지 못합니다. 노이즈 제거가 먼저이며, 학습은 기다립니다.',
  nameHelp: '생성할 때 모델을 고르는 이름입니다.',
  defaultName: '내 그림',
  parentNone: '없음',
  parentNoneHelp: '무작위 수에서 시작합니다. 기본 모델은 구조가 달라 이어 갈 수 없습니다.',
  parentOwnHelp: '내 모델에서 이어 갑니다. 원래 모델은 그대로 남습니다.',
  parentChoose: '그림 모델 선택',
  needPhotos: '사진을 8장 이상 선택하세요.',
  needParent: '이어 갈 그림 모델을 선택하세요.',
  otherPictures: '그림 모델을 학습하고 있습니다. 학습은 한 번에 하나입니다. 이어 가거나 버리세요.',
  otherDenoiser: '노이즈 제거 모델을 학습하고 있습니다. 학습은 한 번에 하나입니다. 이어 가거나 버리세요.',
  showOther: '보기',

  runNew: '{{kind}}, {{photos}}, {{minutes}}',
  runFrom: '{{kind}}, {{photos}}, {{minutes}}, {{parent}}에서 시작',
  kindVae: 'VAE',
  kindGan: 'VAE-GAN',
  stateDone: '완료: “{{name}}”이(가) 내 모델에 있습니다',
  generate: '새 그림 만들기',
  failFewPhotos: '쓸 수 있는 사진이 8장보다 적습니다. 디스크를 연결해 이어 가거나, 사진을 늘려 다시 시작하세요.',
  failMemory: '메모리가 부족합니다. 다른 프로그램을 닫고 이어 가세요.',
  failDiverged: '학습이 잘못되어 손실이 수가 아니게 되었습니다. 다시 시작하세요. 다른 것은 바뀌지 않았습니다.',

  curves: '각 부분의 균형',
  curvesUnit: '각각의 최댓값에 대한 %',
  reconstruction: '재구성',
  kl: 'KL',
  generator: '생성자',
  discriminator: '판별자',
  nats: '{{value}} nat',
  curveSays: '{{name}} 처음 {{first}}, {{step, number}}단계에서 {{last}}',
  helpVae: '재구성은 그림이 사진에서 얼마나 먼지, KL은 그림의 수가 얼마나 많은 것을 말하는지입니다.',
  helpGan:
    '재구성은 그림이 사진에서 얼마나 먼지, KL은 그림의 수가 얼마나 많은 것을 말하는지입니다. 생성자는 그리고 판별자는 그림과 사진을 가려냅니다. 어느 쪽도 이기지 않아야 합니다.',
  balance: {
    'posterior-collapsed':
      '코드가 비었습니다. 수 {{latents}}개 중 {{active}}개에 {{nats}} nat뿐이라 모든 그림이 같아집니다. 사진이나 시간을 늘려 보세요.',
    'discriminator-wins':
      '판별자가 이기고 있습니다. 조각의 {{accuracy}}를 맞혀 생성자가 배우는 것이 적습니다. 사진을 늘려 보세요.',
    'discriminator-at-chance': '판별자가 찍는 수준입니다. 조각의 {{accuracy}}만 맞혀, 생성자는 그 말을 듣지 않습니다.',
    'warming-up':
      '코드가 아직 값쌉니다. 수 {{latents}}개 중 {{active}}개에 {{nats}} nat, KL 항은 제 무게의 {{warmup}}입니다.',
    'adversary-waits':
      '코드를 쓰고 있습니다. 수 {{latents}}개 중 {{active}}개에 {{nats}} nat. 판별자는 {{begins}} 지점에서 시작합니다.',
    'players-even': '둘이 비등합니다. 판별자가 조각의 {{accuracy}}를 맞힙니다.',
    'code-in-use': '코드를 쓰고 있습니다. 수 {{latents}}개 중 {{active}}개에 {{nats}} nat.',
  },
  balanceWaiting: '첫 단계가 지나면 곡선의 뜻을 알려 드립니다.',

  scores: '따로 둔 사진에서',
  scorePsnr: '가까운 정도 (PSNR)',
  scoreKl: '코드의 내용 (KL)',
  scoreActive: '쓰는 수',
  scoreSharpness: '선명도',
  decibels: '{{value}} dB',
  ofLatents: '{{latents}}개 중 {{active}}개',
  ofPhotos: '사진의 {{share}}',
  found: '{{photos}}으로 배우고, {{heldOut, number}}장은 따로 둠',

  sheet: '따로 둔 사진으로 그린 그림',
  sheetHelp: '학습에 쓰지 않은 사진, 줄마다 그 아래에 모델이 다시 그린 그림, 맨 아래는 새 그림입니다.',
  sheetWaiting: '첫 측정이 끝나면 그림이 나타납니다.',
  sheetNone: '보여 주려고 따로 둔 사진이 없습니다.',
  rowPhotos: '사진',
  rowRemade: '다시 그림',
  rowNew: '새 그림',

  listDenoisers: '노이즈 제거',
  listTitle: '그림 모델',
  version: '그림 모델 {{id}}',
  exported: '“{{name}}”을(를) 내보냈습니다. 파일은 두 개입니다.',
  size: '그림',
  sizeText: '{{side}} × {{side}} 픽셀, 각각 수 {{latents, number}}개',
  choose: '그림 모델',
  shipped: 'Stillgrain 기본 모델',
};
