import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportPlan, ExportSettings } from '../../../preload/contract.js';
import { EXISTING_POLICIES } from '../../../preload/vocabulary.js';
import { Button } from '../../elements/button.js';
import { TextField } from '../../elements/field.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { errorText } from '../../i18n/error-text.js';
import { insertToken, TEMPLATE_TOKENS } from './template.js';

interface NameControlsProps {
  readonly settings: ExportSettings;
  readonly plan: ExportPlan | null;
  readonly onChange: (patch: Partial<ExportSettings>) => void;
}

const MAX_TEMPLATE = 500;

/** What results are called, and what happens where a name is taken. */
export function NameControls({ settings, plan, onChange }: NameControlsProps): React.JSX.Element {
  const { t } = useTranslation('export');
  const input = useRef<HTMLInputElement>(null);
  const { template } = settings;
  const insert = (token: string): void => {
    const field = input.current;
    const { text, caret } = insertToken(
      template,
      field?.selectionStart ?? template.length,
      field?.selectionEnd ?? template.length,
      token,
    );
    onChange({ template: text });
    // The field takes the new text at the next render; only then does the caret have its place.
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(caret, caret);
    });
  };
  const wrong = plan?.error?.code === 'usage/invalid' ? plan.error : null;
  const policies = { skip: t('existingSkip'), overwrite: t('existingOverwrite'), rename: t('existingRename') };
  return (
    <fieldset className="export-part">
      <legend>{t('nameTitle')}</legend>
      <TextField
        label={t('template')}
        value={template}
        maxLength={MAX_TEMPLATE}
        inputRef={input}
        spellCheck="false"
        error={wrong === null ? null : errorText(wrong)}
        onChange={(text) => {
          onChange({ template: text });
        }}
      />
      <div className="export-tokens" role="group" aria-label={t('tokens')}>
        {TEMPLATE_TOKENS.map(({ token, text }) => (
          <Button
            key={token}
            size="small"
            aria-label={t('tokenInsert', { token: t(text) })}
            onPress={() => {
              insert(token);
            }}
          >
            {t(text)}
          </Button>
        ))}
      </div>
      <p className="export-example" aria-live="polite">
        <span>{t('example')}</span> <output>{plan?.example ?? (plan === null ? t('examplePending') : '–')}</output>
      </p>
      <div className="export-group">
        <span className="export-label" aria-hidden>
          {t('existing')}
        </span>
        <SegmentedControl
          label={t('existing')}
          value={settings.existing}
          segments={EXISTING_POLICIES.map((value) => ({ value, label: policies[value] }))}
          onChange={(existing) => {
            onChange({ existing });
          }}
          stretch
        />
      </div>
    </fieldset>
  );
}
