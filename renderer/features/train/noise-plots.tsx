import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../preload/contract.js';
import { Plot } from '../../elements/plot.js';
import { Select } from '../../elements/select.js';
import { cameraName } from '../compare/format.js';

type Camera = TrainingRun['cameras'][number];

const LEVELS = 255;
const CHANNELS = [
  { key: 'noiseRed', colour: '--chart-red' },
  { key: 'noiseGreen', colour: '--chart-green' },
  { key: 'noiseBlue', colour: '--chart-blue' },
] as const;

/** What was measured of the noise of each camera: how strong it is at each brightness, and how it spreads. */
export function NoisePlots({ cameras }: { readonly cameras: TrainingRun['cameras'] }): React.JSX.Element {
  const { t } = useTranslation('train');
  const [chosen, setChosen] = useState('0');
  const camera = cameras[Number(chosen)] ?? cameras[0];
  return (
    <>
      <div className="train-panel-head">
        <h3>{t('noise')}</h3>
        {cameras.length < 2 ? (
          camera !== undefined && <span className="train-muted">{nameOf(camera, t)}</span>
        ) : (
          <Select
            label={t('noiseCamera')}
            hideLabel
            size="small"
            value={chosen in cameras ? chosen : '0'}
            options={cameras.map((each, index) => ({ value: String(index), label: nameOf(each, t) }))}
            onChange={setChosen}
          />
        )}
      </div>
      {camera === undefined ? <p className="train-muted">{t('noiseWaiting')}</p> : <CameraPlots camera={camera} />}
    </>
  );
}

type Translate = ReturnType<typeof useTranslation<'train'>>['t'];

function nameOf({ make, model, iso, photos }: Camera, t: Translate): string {
  const name = cameraName(make, model) ?? t('unknownCamera');
  const parts = [name, ...(iso === null ? [] : [t('iso', { iso })]), t('summaryPhotos', { count: photos })];
  return parts.join(', ');
}

function CameraPlots({ camera: { profile } }: { readonly camera: Camera }) {
  const { t } = useTranslation('train');
  const { brightness, sigma, correlation } = profile;
  const all = sigma.flat().map((value) => value * LEVELS);
  const says = t('noiseSays', {
    low: Math.min(...all).toFixed(1),
    high: Math.max(...all).toFixed(1),
    spread: (correlation.across[1] ?? 0).toFixed(2),
  });
  const distances = correlation.across.map((_, distance) => distance);
  // One flat part alone tells one brightness: a line needs two ends.
  const knots = brightness.length === 1 ? [0, 1] : brightness;
  const valuesOf = (channel: readonly number[]): number[] =>
    (brightness.length === 1 ? [channel[0]!, channel[0]!] : [...channel]).map((value) => value * LEVELS);
  return (
    <div className="train-plots">
      <Plot
        title={t('noiseSigma')}
        label={says}
        xLabel={t('noiseBrightness')}
        x={knots.map((knot) => 100 * knot)}
        lines={CHANNELS.map(({ key, colour }, channel) => ({
          label: t(key),
          colour,
          values: valuesOf(sigma[channel]!),
          points: true,
        }))}
        fromZero
        formatX={(value) => `${Math.round(value)} %`}
        formatY={(value) => value.toFixed(1)}
        empty={t('noiseWaiting')}
      />
      <Plot
        title={t('noiseSpread')}
        label={says}
        xLabel={t('noiseDistance')}
        x={distances}
        lines={[
          { label: t('noiseAcross'), colour: '--chart-main', values: correlation.across, points: true },
          { label: t('noiseDown'), colour: '--chart-second', values: correlation.down, stroke: 'dashed' },
        ]}
        formatX={(value) => (Number.isInteger(value) ? String(value) : '')}
        formatY={(value) => value.toFixed(1)}
        empty={t('noiseWaiting')}
      />
    </div>
  );
}
