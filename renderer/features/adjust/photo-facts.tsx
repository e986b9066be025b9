import { useTranslation } from 'react-i18next';
import type { PhotoEntry, TrustReport } from '../../../preload/contract.js';
import { Badge, type Tone } from '../../elements/badge.js';
import { formatTenths } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useSelection } from '../../state/selection.js';

/** Noise levels from which a word is used, as standard deviations in 8-bit units. */
const NOISE_WORDS = [
  { from: 40, text: 'noiseVeryHigh' },
  { from: 20, text: 'noiseHigh' },
  { from: 9, text: 'noiseMedium' },
  { from: 3, text: 'noiseLow' },
  { from: 0, text: 'noiseNone' },
] as const;

const TRUST = {
  good: { tone: 'good', text: 'trustGood', help: 'trustGoodHelp' },
  fair: { tone: 'warning', text: 'trustFair', help: 'trustFairHelp' },
  poor: { tone: 'danger', text: 'trustPoor', help: 'trustPoorHelp' },
} as const satisfies Record<TrustReport['verdict'], { tone: Tone; text: string; help: string }>;

/** What is known of the photo that has the focus: how much noise, and whether the model can be trusted with it. */
export function PhotoFacts({ photos }: { readonly photos: readonly PhotoEntry[] }): React.JSX.Element | null {
  const { t } = useTranslation('adjust');
  const active = useSelection((state) => state.active);
  const photo = photos.find(({ id }) => id === active) ?? photos[0];
  if (photo === undefined) return null;
  return (
    <section className="adjust-facts" aria-label={t('facts')}>
      <h3 className="adjust-facts-name" title={photo.name}>
        {photos.length > 1 ? photo.name : t('facts')}
      </h3>
      <dl>
        <dt>{t('factsNoise')}</dt>
        <dd>
          <NoiseWord photo={photo} />
        </dd>
        <dt>{t('factsTrust')}</dt>
        <dd>
          {photo.trust === null ? (
            t('factsTrustUnknown')
          ) : (
            <Badge tone={TRUST[photo.trust.verdict].tone}>{t(TRUST[photo.trust.verdict].text)}</Badge>
          )}
        </dd>
      </dl>
      {photo.trust === null ? null : <p className="adjust-help">{t(TRUST[photo.trust.verdict].help)}</p>}
    </section>
  );
}

function NoiseWord({ photo: { noise } }: { readonly photo: PhotoEntry }) {
  const { t } = useTranslation('adjust');
  const language = useLanguage();
  if (noise === null) return t('factsNoiseUnknown');
  const word = NOISE_WORDS.find(({ from }) => noise >= from) ?? NOISE_WORDS[4];
  return t(word.text, { level: formatTenths(noise, language) });
}
