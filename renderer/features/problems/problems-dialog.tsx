import { useState } from 'react';
import { CircleCheck, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Dialog } from '../../elements/dialog.js';
import { EmptyState } from '../../elements/empty-state.js';
import { host } from '../../host.js';
import { TECHNICAL_LANGUAGE } from '../../i18n/error-text.js';
import { useLibrary } from '../../state/library.js';
import { fail } from '../../state/session.js';
import { closeOverlay, useView } from '../../state/view.js';
import { removePhotos } from '../library/removing.js';
import { unreadable, useProblems } from './all-problems.js';
import { groupProblems, problemsAsText } from './group.js';
import './problems-dialog.css';

/** As many of a group are listed; the rest is in the copied text. */
const LISTED = 200;

/** The files that could not be read, and why. */
export function ProblemsDialog() {
  const { t } = useTranslation('library');
  const isOpen = useView((state) => state.overlay === 'problems');
  const problems = useProblems();
  const [copied, setCopied] = useState(false);
  const groups = groupProblems(problems);
  const copy = (): void => {
    navigator.clipboard.writeText(problemsAsText(groups)).then(() => {
      setCopied(true);
    }, fail);
  };
  const close = (): void => {
    setCopied(false);
    closeOverlay();
  };
  const clear = (): void => {
    void host().call('library.clearProblems', {}).catch(fail);
    removePhotos(unreadable(useLibrary.getState().photos.values()).map(({ id }) => id));
    close();
  };
  const footer = (
    <>
      <Button icon={<Copy aria-hidden />} onPress={copy}>
        {copied ? t('copied') : t('copyText')}
      </Button>
      <span className="problems-space" />
      <Button onPress={clear}>{t('clearList')}</Button>
      <Button variant="primary" onPress={close}>
        {t('done')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('problemsTitle')} isOpen={isOpen} onClose={close} isText {...(problems.length > 0 && { footer })}>
      {problems.length === 0 ? (
        <EmptyState icon={<CircleCheck aria-hidden />} title={t('noProblems')} />
      ) : (
        <>
          <p className="problems-intro">{t('problemsText')}</p>
          {groups.map((group) => (
            <section key={group.code} className="problems-group">
              <h3>{group.reason}</h3>
              <ul>
                {group.problems.slice(0, LISTED).map((problem, index) => (
                  <li key={index}>
                    <span className="problems-name">{problem.name}</span>
                    <span className="problems-detail" lang={TECHNICAL_LANGUAGE}>
                      {problem.error.message}
                    </span>
                  </li>
                ))}
                {group.problems.length > LISTED ? (
                  <li className="problems-detail">{t('andMore', { count: group.problems.length - LISTED })}</li>
                ) : null}
              </ul>
            </section>
          ))}
        </>
      )}
    </Dialog>
  );
}
