import { useEffect, useState } from 'react';
import { ImagePlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { addDrop } from './adding.js';
import './drop-target.css';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files and folders dropped anywhere on the window, and says so while they hover. */
export function DropTarget() {
  const { t } = useTranslation();
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    // Every element on the way fires enter and leave; the pointer is out when they are even.
    let depth = 0;
    const onEnter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setHovering(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setHovering(false);
    };
    const onOver = (event: DragEvent): void => {
      // Without this the browser would open a dropped file in place of the page.
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = carriesFiles(event) ? 'copy' : 'none';
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      depth = 0;
      setHovering(false);
      if (event.dataTransfer !== null && carriesFiles(event)) addDrop(event.dataTransfer);
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  if (!hovering) return null;
  return (
    <div className="drop-overlay" role="status">
      <div className="drop-frame">
        <ImagePlus aria-hidden />
        <p className="drop-title">{t('dropTitle')}</p>
        <p className="drop-text">{t('dropText')}</p>
      </div>
    </div>
  );
}
