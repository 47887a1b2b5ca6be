import { CircleHelp, Moon, PanelLeft, Search, Sun, SunMoon } from 'lucide-react';
import { displayShortcut, isApple } from '#editor/actions/action.ts';
import { useDocument } from '#editor/document/document-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { type Theme, usePreferences } from '#editor/interface/preferences-store.ts';
import { EngineLabel } from './EngineLabel.tsx';
import { MenuBar } from './MenuBar.tsx';

const themeIcons = { light: Sun, dark: Moon, system: SunMoon };
const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

export function TopBar() {
  const name = useDocument((state) => state.name);
  const theme = usePreferences((state) => state.theme);
  const setPreferences = usePreferences((state) => state.set);
  const paletteOpen = useInterface((state) => state.paletteOpen);
  const { show, togglePalette } = useInterface.getState();
  const ThemeIcon = themeIcons[theme];
  return (
    <header className="top-bar">
      <h1 className="wordmark">
        <Mark />
        Sgraffito
      </h1>
      <button
        type="button"
        className="button button-quiet button-icon menu-button-narrow"
        aria-label="Palette"
        aria-pressed={paletteOpen}
        aria-controls="palette"
        onClick={togglePalette}
      >
        <PanelLeft size={16} aria-hidden />
      </button>
      <MenuBar />
      <button
        type="button"
        className="button button-quiet document-name"
        aria-label={`Name of the graph: ${name}`}
        title="Name this graph"
        onClick={() => show({ type: 'name-graph' })}
      >
        {name}
      </button>
      <span className="top-bar-space" />
      <button
        type="button"
        className="button command-button"
        aria-label="Search commands"
        onClick={() => show({ type: 'commands' })}
      >
        <Search size={14} aria-hidden />
        <span>Search commands</span>
        <kbd aria-hidden>{displayShortcut('Mod+K', isApple())}</kbd>
      </button>
      <EngineLabel />
      <button
        type="button"
        className="button button-quiet button-icon"
        aria-label={`Theme: ${theme}`}
        title={`Theme: ${theme}`}
        onClick={() => setPreferences({ theme: nextTheme[theme] })}
      >
        <ThemeIcon size={16} aria-hidden />
      </button>
      <button
        type="button"
        className="button button-quiet button-icon"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => show({ type: 'help' })}
      >
        <CircleHelp size={16} aria-hidden />
      </button>
    </header>
  );
}

/** Two nodes and a relation, scratched out of terracotta plaster. */
function Mark() {
  return (
    <svg viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="14" fill="var(--accent)" />
      <g fill="none" stroke="var(--accent-ink)" strokeWidth="5" strokeLinecap="round">
        <circle cx="18" cy="20" r="7.5" />
        <circle cx="46" cy="44" r="7.5" />
        <path d="M25 24c11 2 18 6 17 13" />
      </g>
    </svg>
  );
}
