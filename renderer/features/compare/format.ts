/** Numbers as photographers write them. */

/** Seconds of an exposure: "1/200", "0.4", "30". */
export function exposureText(seconds: number): string {
  if (seconds <= 0) return '0';
  if (seconds < 0.3) return `1/${Math.round(1 / seconds)}`;
  return String(Number(seconds.toFixed(1)));
}

/** A zoom in per cent: whole numbers, or one decimal where it is small. */
export function zoomPercent(zoom: number): string {
  const percent = zoom * 100;
  return percent < 10 ? String(Number(percent.toFixed(1))) : String(Math.round(percent));
}

/** At most one decimal. */
export const shortNumber = (value: number): string => String(Number(value.toFixed(1)));

/** Make and model without saying the make twice, as many cameras do. */
export function cameraName(make: string | null, model: string | null): string | null {
  if (model === null) return make;
  if (make === null) return model;
  const brand = make.split(/\s+/)[0]!;
  return model.toLowerCase().startsWith(brand.toLowerCase()) ? model : `${brand} ${model}`;
}
