import type { Texts } from '../texts.js';
import type { welcome as source } from '../en/welcome.js';

export const welcome: Texts<typeof source> = {
  title: '노이즈가 있는 사진을 여기에 놓으세요',
  titleAgain: '사진을 놓아 시작하세요',
  text: '파일이든 폴더든 얼마든지 놓으세요. 사진은 이 컴퓨터를 벗어나지 않고, 원본은 절대 바뀌지 않습니다.',
  formats: 'JPEG, PNG, TIFF(8/16비트), WebP, AVIF',
  sampleText: '지금 사진이 없나요?',
  sample: '샘플 사진으로 해 보기',
  lesson: '처음 시작하는 세 단계',
  stepDrag: '구분선을 끌어 비교하기',
  stepStrength: '강도 움직이기',
  stepDenoise: '노이즈 제거 누르기',
  stepDone: '완료',
  endLesson: '안내 닫기',
};
