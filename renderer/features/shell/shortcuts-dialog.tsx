import { useTranslation } from 'react-i18next';
import { Dialog } from '../../elements/dialog.js';
import { Keys } from '../../elements/keys.js';
import { COMMAND_GROUPS, declaredCommands } from '../../state/commands.js';
import { closeOverlay, useView } from '../../state/view.js';
import './shortcuts-dialog.css';

/** Every key that does something. */
export function ShortcutsDialog() {
  const { t } = useTranslation();
  const isOpen = useView((state) => state.overlay === 'shortcuts');
  const titles = {
    general: t('groupGeneral'),
    library: t('groupLibrary'),
    compare: t('groupCompare'),
    edit: t('groupEdit'),
    queue: t('groupQueue'),
  };
  const commands = declaredCommands().filter(({ keys }) => keys.length > 0);
  return (
    <Dialog title={t('shortcuts')} isOpen={isOpen} onClose={closeOverlay} size="large" isText>
      <div className="shortcuts">
        {COMMAND_GROUPS.map((group) => (
          <section key={group} hidden={!commands.some((command) => command.group === group)}>
            <h3>{titles[group]}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id}>
                    <dt>{command.title()}</dt>
                    <dd>
                      {command.keys.map((keys) => (
                        <Keys key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
