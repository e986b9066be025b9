import { useEffect, useRef, useState } from 'react';
import { Check, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PhotoId } from '../../../preload/contract.js';
import { IconButton } from '../../elements/button.js';
import { currentSettings, useLibrary } from '../../state/library.js';
import { useQueue } from '../../state/queue.js';
import { useSession } from '../../state/session.js';
import { useView } from '../../state/view.js';
import { isDone, LESSON_STEPS, nextStep } from './lesson-steps.js';
import './lesson.css';

/** How far the pointer must go in the picture to count as a drag. */
const DRAG_PX = 24;
/** How long the lesson stays after its last step. */
const STAYS_MS = 4000;

const endLesson = (): void => {
  useView.setState({ lesson: null });
};

/** Three steps on the sample photo, ticked off as they are taken. */
export function Lesson() {
  const lesson = useView((state) => (state.view === 'compare' ? state.lesson : null));
  return lesson === null ? null : <LessonCard key={lesson} photo={lesson} />;
}

function LessonCard({ photo }: { readonly photo: PhotoId }) {
  const { t } = useTranslation('welcome');
  const dragged = useDragged();
  const adjusted = useAdjustedSince(photo);
  const queued = useQueue((state) => state.items.has(photo));
  const exporting = useView((state) => state.overlay === 'export');
  const [seenExport, setSeenExport] = useState(false);
  if (exporting && !seenExport) setSeenExport(true);
  const progress = { dragged, adjusted, denoised: queued || seenExport };
  const next = nextStep(progress);
  useEffect(() => {
    if (next !== null) return undefined;
    const timer = setTimeout(endLesson, STAYS_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [next]);
  const texts = { drag: t('stepDrag'), strength: t('stepStrength'), denoise: t('stepDenoise') };
  return (
    <section className="lesson" aria-label={t('lesson')}>
      <ol>
        {LESSON_STEPS.map((step, index) => {
          const done = isDone(step, progress);
          return (
            <li key={step} data-done={done || undefined} aria-current={step === next ? 'step' : undefined}>
              <span className="lesson-number">
                {done ? <Check role="img" aria-label={t('stepDone')} /> : index + 1}
              </span>
              <span>{texts[step]}</span>
            </li>
          );
        })}
      </ol>
      <IconButton label={t('endLesson')} size="small" onPress={endLesson}>
        <X aria-hidden />
      </IconButton>
    </section>
  );
}

/** Whether the person has dragged something in the picture, with a pointer or with the arrow keys. */
function useDragged(): boolean {
  const [dragged, setDragged] = useState(false);
  useEffect(() => {
    if (dragged) return undefined;
    let from: { x: number; y: number } | null = null;
    const inPicture = (target: EventTarget | null): boolean =>
      target instanceof Element && target.closest('.app-main') !== null && target.closest('.lesson') === null;
    const onDown = (event: PointerEvent): void => {
      from = inPicture(event.target) ? { x: event.clientX, y: event.clientY } : null;
    };
    const onMove = (event: PointerEvent): void => {
      if (from === null || event.buttons === 0) return;
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > DRAG_PX) setDragged(true);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.startsWith('Arrow') && inPicture(event.target)) setDragged(true);
    };
    window.addEventListener('pointerdown', onDown, true);
    window.addEventListener('pointermove', onMove, true);
    window.addEventListener('keydown', onKey, true);
    return () => {
      window.removeEventListener('pointerdown', onDown, true);
      window.removeEventListener('pointermove', onMove, true);
      window.removeEventListener('keydown', onKey, true);
    };
  }, [dragged]);
  return dragged;
}

/** Whether the photo's sliders are not where they were when the lesson began. */
function useAdjustedSince(photo: PhotoId): boolean {
  const begun = useRef(JSON.stringify(currentSettings(photo)));
  const [adjusted, setAdjusted] = useState(false);
  useEffect(() => {
    const look = (): void => {
      if (JSON.stringify(currentSettings(photo)) !== begun.current) setAdjusted(true);
    };
    const stops = [useLibrary.subscribe(look), useSession.subscribe(look)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [photo]);
  return adjusted;
}
