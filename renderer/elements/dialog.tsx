import { X } from 'lucide-react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.js';
import './dialog.css';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly size?: 'small' | 'medium' | 'large';
  /** `alertdialog`: it asks before something is lost. */
  readonly role?: 'dialog' | 'alertdialog';
  /** Its body holds nothing that takes the focus: it takes it itself, so that the keys can scroll it. */
  readonly isText?: boolean;
  /** Buttons in a row at the end, the main one last. */
  readonly footer?: React.ReactNode;
  readonly children: React.ReactNode;
}

/** A panel over everything. Escape, its cross, and a click beside it close it; the focus stays inside and comes back. */
export function Dialog(props: DialogProps) {
  const { title, isOpen, onClose, size = 'medium', role = 'dialog', isText = false, footer, children } = props;
  const { t } = useTranslation('common');
  return (
    <ModalOverlay
      className="dialog-scrim"
      isOpen={isOpen}
      isDismissable={role === 'dialog'}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={`dialog-panel dialog-${size}`}>
        <AriaDialog className="dialog" role={role}>
          <header className="dialog-head">
            <Heading slot="title" className="dialog-title">
              {title}
            </Heading>
            <IconButton label={t('close')} onPress={onClose}>
              <X aria-hidden />
            </IconButton>
          </header>
          <div className="dialog-body" {...(isText && { tabIndex: 0, role: 'region', 'aria-label': title })}>
            {children}
          </div>
          {footer === undefined ? null : <footer className="dialog-foot">{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
