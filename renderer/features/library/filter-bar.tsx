import { useRef } from 'react';
import { ArrowDownNarrowWide, ArrowUpNarrowWide, Image, Search } from 'lucide-react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Preferences } from '../../../preload/contract.js';
import { SORT_KEYS } from '../../../preload/vocabulary.js';
import { IconButton } from '../../elements/button.js';
import { TextField } from '../../elements/field.js';
import { Select } from '../../elements/select.js';
import { PHOTO_FILTERS } from '../../state/arrange.js';
import { useCommand } from '../../state/commands.js';
import { setPreferences, useSession } from '../../state/session.js';
import { setFilter, useShown } from '../../state/shown.js';
import './filter-bar.css';

const THUMBNAIL_STEP_PX = 16;
const { minValue, maxValue } = { minValue: 96, maxValue: 480 };

/** Above the grid: which photos are shown, in which order, how large. */
export function FilterBar() {
  const { t } = useTranslation('library');
  const filter = useShown((state) => state.filter);
  const sort = useSession((state) => state.preferences.sort);
  const search = useRef<HTMLInputElement>(null);
  useCommand('find', () => {
    search.current?.focus();
  });
  const setSort = (patch: Partial<Preferences['sort']>): void => {
    void setPreferences({ sort: { ...sort, ...patch } });
  };
  const sortTexts = {
    name: t('sortName'),
    date: t('sortDate'),
    noise: t('sortNoise'),
    trust: t('sortTrust'),
    size: t('sortSize'),
  };
  const filterTexts = {
    all: t('filterAll'),
    new: t('filterNew'),
    edited: t('filterEdited'),
    queued: t('filterQueued'),
    done: t('filterDone'),
    failed: t('filterFailed'),
    noisy: t('filterNoisy'),
    risky: t('filterRisky'),
    unreadable: t('filterUnreadable'),
  };
  return (
    <div className="filter-bar" role="toolbar" aria-label={t('filterBar')}>
      <div className="filter-search">
        <TextField
          label={t('search')}
          hideLabel
          placeholder={t('search')}
          icon={<Search aria-hidden />}
          clearLabel={t('clearSearch')}
          inputRef={search}
          value={filter.text}
          onChange={(text) => {
            setFilter({ text });
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && filter.text !== '') setFilter({ text: '' });
            else event.continuePropagation();
          }}
        />
      </div>
      <Select
        label={t('filter')}
        hideLabel
        value={filter.only}
        options={PHOTO_FILTERS.map((value) => ({ value, label: filterTexts[value] }))}
        onChange={(only) => {
          setFilter({ only });
        }}
      />
      <span className="filter-space" />
      <Select
        label={t('sort')}
        hideLabel
        value={sort.key}
        options={SORT_KEYS.map((value) => ({ value, label: sortTexts[value] }))}
        onChange={(key) => {
          setSort({ key });
        }}
      />
      <IconButton
        label={sort.descending ? t('descending') : t('ascending')}
        onPress={() => {
          setSort({ descending: !sort.descending });
        }}
      >
        {sort.descending ? <ArrowDownNarrowWide aria-hidden /> : <ArrowUpNarrowWide aria-hidden />}
      </IconButton>
      <ThumbnailSlider />
    </div>
  );
}

function ThumbnailSlider() {
  const { t } = useTranslation('library');
  const thumbnailPx = useSession((state) => state.preferences.thumbnailPx);
  return (
    <div className="size-slider">
      <Image aria-hidden className="size-small" />
      <Slider<number>
        aria-label={t('thumbnailSize')}
        value={thumbnailPx}
        minValue={minValue}
        maxValue={maxValue}
        step={THUMBNAIL_STEP_PX}
        onChange={(next) => {
          useSession.setState(({ preferences }) => ({ preferences: { ...preferences, thumbnailPx: next } }));
        }}
        onChangeEnd={(next) => {
          void setPreferences({ thumbnailPx: next });
        }}
      >
        <SliderTrack className="slider-track size-track">
          <div className="slider-rail" />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <Image aria-hidden className="size-large" />
    </div>
  );
}
