import { Pause, Play } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { GeneratedPicture } from '../../../../preload/contract.js';
import { IconButton } from '../../../elements/button.js';
import { imageUrl } from '../../../host.js';
import { useBetween } from './between-state.js';

const FRAME_MS = 1000 / 12;

const show = (at: number): void => {
  useBetween.setState({ at, playing: false });
};

/** One frame large, all of them in a row, and a scrubber. */
export function FramePlayer({ pictures }: { readonly pictures: readonly GeneratedPicture[] }): React.JSX.Element {
  const { t } = useTranslation('generate');
  const at = useBetween((state) => Math.min(state.at, pictures.length - 1));
  const playing = useBetween((state) => state.playing);
  const busy = useBetween((state) => state.job.busy);
  const strip = useRef<HTMLDivElement>(null);
  usePlaying(playing, pictures.length);
  useEffect(() => {
    strip.current?.children[at]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [at]);
  const place = t('frame', { number: at + 1, total: pictures.length });
  return (
    <div className="player" data-busy={busy || undefined} data-ready={!busy || undefined}>
      <div className="player-stage">
        {/* All of them, so that playing waits for none. */}
        {pictures.map(({ image, width, height }, index) => (
          <img
            key={image}
            src={imageUrl(image)}
            alt={index === at ? place : ''}
            width={width}
            height={height}
            data-shown={index === at || undefined}
            aria-hidden={index !== at}
            draggable={false}
          />
        ))}
      </div>
      <div className="player-controls">
        <IconButton
          label={playing ? t('pause') : t('play')}
          variant="secondary"
          onPress={() => {
            useBetween.setState({ playing: !playing });
          }}
        >
          {playing ? <Pause aria-hidden /> : <Play aria-hidden />}
        </IconButton>
        <input
          className="player-scrubber"
          type="range"
          min={0}
          max={pictures.length - 1}
          step={1}
          value={at}
          aria-label={t('scrub')}
          aria-valuetext={place}
          onChange={(event) => {
            show(Number(event.target.value));
          }}
        />
        <span className="player-place">{place}</span>
      </div>
      <div ref={strip} className="player-strip" role="group" aria-label={t('filmstrip')}>
        {pictures.map(({ image }, index) => (
          <button
            key={image}
            type="button"
            className="player-frame"
            aria-label={t('frame', { number: index + 1, total: pictures.length })}
            aria-current={index === at}
            onClick={() => {
              show(index);
            }}
          >
            <img src={imageUrl(image)} alt="" draggable={false} />
          </button>
        ))}
      </div>
    </div>
  );
}

function usePlaying(playing: boolean, count: number): void {
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => {
      useBetween.setState(({ at }) => ({ at: (at + 1) % count }));
    }, FRAME_MS);
    return () => {
      clearInterval(timer);
    };
  }, [playing, count]);
}
