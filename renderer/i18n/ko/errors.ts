import type { Texts } from '../texts.js';
import type { errors as source } from '../en/errors.js';

export const errors: Texts<typeof source> = {
  unknown: '문제가 발생했습니다: {{message}}',
  'usage/invalid': '설정값이 올바르지 않습니다. 확인한 뒤 다시 시도하세요.',
  'request/refused': '이 창에서는 그 요청을 할 수 없습니다. 창을 새로 고친 뒤 다시 시도하세요.',
  'request/invalid': '프로그램이 알 수 없는 요청입니다. 창을 새로 고친 뒤 다시 시도하세요.',
  'input/not-found': '파일이 더 이상 없습니다. 이동되었거나 이름이 바뀌었거나 삭제되었을 수 있습니다.',
  'input/unreadable': '파일을 열 수 없습니다. 읽기 권한이 있는지, 드라이브가 연결되어 있는지 확인하세요.',
  'input/empty': '빈 파일입니다. 카메라나 백업에서 다시 복사하세요.',
  'input/not-an-image': '이름과 달리 사진 파일이 아닙니다.',
  'input/unsupported':
    '노이즈를 제거할 수 없는 종류의 이미지입니다. 먼저 JPEG, PNG, TIFF, WebP 또는 AVIF로 변환하세요.',
  'input/damaged': '파일이 손상되었거나 불완전합니다. 카메라나 백업에서 다시 복사하세요.',
  'input/too-large': '처리할 수 있는 픽셀 수를 넘는 사진입니다.',
  'input/changed': '읽는 동안 파일이 바뀌었습니다. 저장이 끝난 뒤 다시 시도하세요.',
  'output/exists': '같은 이름의 파일이 이미 있습니다. 다른 이름을 쓰거나 기존 파일의 처리 방법을 선택하세요.',
  'output/conflict': '두 결과의 이름이 같거나 원본을 덮어쓰게 됩니다. 파일 이름을 바꾸세요.',
  'output/disk-full': '디스크가 가득 찼습니다. 공간을 확보하거나 다른 저장 위치를 선택하세요.',
  'output/read-only': '저장 위치에 쓸 수 없습니다. 다른 폴더를 선택하세요.',
  'output/failed': '결과를 저장하지 못했습니다. 저장 위치를 확인하고 다시 시도하세요.',
  'output/locked': '다른 Stillgrain이 그 파일을 쓰고 있습니다. 끝날 때까지 기다리거나 닫으세요.',
  'model/not-found': '모델이 없습니다. 다른 모델을 선택하거나 Stillgrain을 다시 설치하세요.',
  'model/invalid': '사용할 수 없는 모델 파일입니다. 다른 모델을 선택하세요.',
  'model/shape': '사진에 맞지 않는 모델입니다. 다른 모델을 선택하세요.',
  'model/unsupported-op': '여기서 실행할 수 없는 연산을 쓰는 모델입니다. 다른 모델을 선택하세요.',
  'engine/out-of-memory': '메모리가 부족했습니다. 다른 프로그램을 닫거나 설정에서 더 작은 타일을 선택하세요.',
  'engine/crashed': '엔진이 예기치 않게 멈춰 다시 시작했습니다. 한 번 더 시도하세요.',
  'engine/provider': '가속기에 문제가 생겼습니다. 다시 시도하거나 설정에서 프로세서를 선택하세요.',
  'engine/cancelled': '취소했습니다.',
  'web/disconnected': 'Stillgrain과의 연결이 끊겼습니다. 종료했다면 다시 시작한 뒤 표시되는 주소를 여세요.',
  'engine/internal': '프로그램 안에서 문제가 생겼습니다. 다시 시도하고, 계속되면 프로그램을 다시 시작하세요.',
};
