/** The program's mark: a photo whose grain settles from left to right. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 20 20" aria-hidden>
      <rect x="1" y="1" width="18" height="18" rx="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <g fill="currentColor">
        <circle cx="5.2" cy="5.6" r="1" />
        <circle cx="8" cy="8.4" r=".8" />
        <circle cx="4.9" cy="10" r=".8" />
        <circle cx="7.6" cy="12" r="1" />
        <circle cx="5.2" cy="14.6" r=".9" />
        <circle cx="8.4" cy="5" r=".6" />
        <circle cx="8.4" cy="15.2" r=".6" />
      </g>
      <path d="M10.5 2v16" stroke="currentColor" strokeWidth="1" opacity=".5" />
      <circle className="mark-sun" cx="14.4" cy="10" r="2.4" />
    </svg>
  );
}
