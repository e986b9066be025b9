import { useTranslation } from 'react-i18next';
import type { EncodeSettings } from '../../../preload/contract.js';
import { FORMATS } from '../../../preload/vocabulary.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { Select } from '../../elements/select.js';
import { Slider } from '../../elements/slider.js';
import { FORMAT_NAMES } from './describe.js';

interface FileControlsProps {
  readonly encode: EncodeSettings;
  readonly onChange: (encode: EncodeSettings) => void;
}

const FIRST_QUALITY = 90;
/** Formats that lose something, so that a quality can be chosen; 'keep' may be one of them. */
const LOSSY: readonly EncodeSettings['format'][] = ['keep', 'jpeg', 'webp', 'avif'];
/** Formats that can hold more than 8 bits. */
const DEEP: readonly EncodeSettings['format'][] = ['keep', 'png', 'tiff', 'avif'];
const DEPTHS = ['keep', '8', '16'] as const;

/** How results are stored. */
export function FileControls({ encode, onChange }: FileControlsProps): React.JSX.Element {
  const { t } = useTranslation('export');
  const change = (patch: Partial<EncodeSettings>): void => {
    onChange({ ...encode, ...patch });
  };
  const depthTexts = { keep: t('depthKeep'), 8: t('depth8'), 16: t('depth16') };
  return (
    <fieldset className="export-part">
      <legend>{t('fileTitle')}</legend>
      <Select
        label={t('format')}
        value={encode.format}
        options={(['keep', ...FORMATS] as const).map((format) => ({
          value: format,
          label: format === 'keep' ? t('formatKeep') : FORMAT_NAMES[format],
        }))}
        onChange={(format) => {
          change({ format });
        }}
      />
      {LOSSY.includes(encode.format) ? <QualityControl encode={encode} onChange={change} /> : null}
      {DEEP.includes(encode.format) ? (
        <div className="export-group">
          <span className="export-label" aria-hidden>
            {t('depth')}
          </span>
          <SegmentedControl
            label={t('depth')}
            value={String(encode.bitDepth) as (typeof DEPTHS)[number]}
            segments={DEPTHS.map((value) => ({ value, label: depthTexts[value] }))}
            onChange={(value) => {
              change({ bitDepth: value === 'keep' ? value : value === '8' ? 8 : 16 });
            }}
            stretch
          />
        </div>
      ) : null}
      <Select
        label={t('metadata')}
        value={encode.metadata}
        options={[
          { value: 'all', label: t('metadataAll'), detail: t('metadataAllHelp') },
          { value: 'no-location', label: t('metadataNoLocation'), detail: t('metadataNoLocationHelp') },
          { value: 'none', label: t('metadataNone'), detail: t('metadataNoneHelp') },
        ]}
        onChange={(metadata) => {
          change({ metadata });
        }}
      />
    </fieldset>
  );
}

interface QualityControlProps {
  readonly encode: EncodeSettings;
  readonly onChange: (patch: Partial<EncodeSettings>) => void;
}

function QualityControl({ encode: { format, quality }, onChange }: QualityControlProps): React.JSX.Element {
  const { t } = useTranslation('export');
  return (
    <div className="export-group">
      <span className="export-label" aria-hidden>
        {t('quality')}
      </span>
      <SegmentedControl
        label={t('quality')}
        value={quality === null ? 'auto' : 'manual'}
        segments={[
          { value: 'auto', label: t('qualityAuto') },
          { value: 'manual', label: t('qualityManual') },
        ]}
        onChange={(chosen) => {
          onChange({ quality: chosen === 'auto' ? null : FIRST_QUALITY });
        }}
        stretch
      />
      {quality === null ? (
        <p className="export-help">{t('qualityAutoHelp')}</p>
      ) : (
        <Slider
          label={t('qualityValue')}
          value={quality}
          min={1}
          max={100}
          step={1}
          defaultValue={FIRST_QUALITY}
          onChange={(value) => {
            onChange({ quality: value });
          }}
        />
      )}
      {format === 'keep' ? <p className="export-help">{t('qualityKeepHelp')}</p> : null}
    </div>
  );
}
