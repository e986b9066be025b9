import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SheetVariation } from '../../../../preload/contract.js';
import { IconButton } from '../../../elements/button.js';
import { formatTenths } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/use-language.js';
import { fail } from '../../../state/session.js';
import { recipeText } from './names.js';

/** How a variation is made again: in words, and copied as the JSON that the command takes. */
export function RecipePart({ variation }: { readonly variation: SheetVariation }): React.JSX.Element {
  const { t } = useTranslation('generate');
  const language = useLanguage();
  const [copied, setCopied] = useState<SheetVariation | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(variation.recipe, null, 2));
      setCopied(variation);
    } catch (error) {
      fail(error);
    }
  };
  const isCopied = copied === variation;
  return (
    <div className="generate-recipe">
      <p className="generate-recipe-text">{recipeText(variation.recipe, t)}</p>
      <IconButton label={isCopied ? t('copied') : t('copyRecipe')} size="small" onPress={() => void copy()}>
        {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </IconButton>
      <p className="generate-help">{t('distance', { value: formatTenths(variation.distance, language) })}</p>
    </div>
  );
}
