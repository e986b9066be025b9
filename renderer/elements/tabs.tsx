import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import './tabs.css';

export interface TabPage<T extends string> {
  readonly id: T;
  readonly label: string;
  readonly content: React.ReactNode;
}

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly pages: readonly TabPage<T>[];
  readonly selected?: T;
  readonly onChange?: (id: T) => void;
}

/** Pages of which one is in view. */
export function Tabs<T extends string>({ label, pages, selected, onChange }: TabsProps<T>) {
  return (
    <AriaTabs
      className="tabs"
      {...(selected === undefined ? {} : { selectedKey: selected })}
      onSelectionChange={(key) => onChange?.(key as T)}
    >
      <TabList aria-label={label} className="tab-list">
        {pages.map((page) => (
          <Tab key={page.id} id={page.id} className="tab">
            {page.label}
          </Tab>
        ))}
      </TabList>
      {pages.map((page) => (
        <TabPanel key={page.id} id={page.id} className="tab-panel">
          {page.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
