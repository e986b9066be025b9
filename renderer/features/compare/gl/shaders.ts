/** The window's one pair of shaders: they show a photo, what is left of it, what is removed, or a map over it. */

/** Values of the uniform `kind`. */
export const KINDS = { photo: 0, result: 1, removed: 2, dimmed: 3, map: 4 } as const;
export type Kind = keyof typeof KINDS;

/** Texture units of the samplers. */
export const UNITS = { image: 0, first: 1, second: 2, ramp: 3, lut: 4 } as const;

/** Names of all uniforms that are not samplers. */
export const UNIFORMS = [
  'rect',
  'canvas',
  'offset',
  'kind',
  'hasLut',
  'lumaWeights',
  'luma',
  'chroma',
  'detail',
  'amplification',
  'hatch',
  'mapChannel',
  'mapScale',
  'mapFloor',
  'checker1',
  'checker2',
  'checkerSize',
] as const;

export const VERTEX = `#version 300 es
in vec2 corner;
uniform vec4 rect;
uniform vec2 canvas;
out vec2 place;
void main() {
  place = corner;
  vec2 at = (rect.xy + corner * rect.zw) / canvas * 2.0 - 1.0;
  gl_Position = vec4(at.x, -at.y, 0.0, 1.0);
}`;

/*
 * `result` is the formula at PreviewPart in the contract. Colours are corrected after it: the net works on the values
 * of the file, and so do the weights.
 */
export const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler3D;
in vec2 place;
out vec4 colour;
uniform sampler2D image;
uniform sampler2D first;
uniform sampler2D second;
uniform sampler2D ramp;
uniform sampler3D lut;
uniform int kind;
uniform bool hasLut;
uniform vec3 lumaWeights;
/* Shares of the first and second pass. */
uniform vec2 luma;
uniform vec2 chroma;
uniform float detail;
uniform float amplification;
uniform bool hatch;
uniform int mapChannel;
uniform float mapScale;
uniform float mapFloor;
uniform vec3 checker1;
uniform vec3 checker2;
uniform float checkerSize;
/* Of the pane's corner, so that the checkerboard does not move with the window. */
uniform vec2 offset;

const float LUT_SIZE = 33.0;

vec4 pass(sampler2D of) {
  return texture(of, place) - 128.0 / 255.0;
}

vec3 removed() {
  vec4 d1 = pass(first);
  vec4 d2 = pass(second);
  float l1 = dot(d1.rgb, lumaWeights);
  float l2 = dot(d2.rgb, lumaWeights);
  return luma.x * l1 + chroma.x * (d1.rgb - l1) + luma.y * l2 + chroma.y * (d2.rgb - l2)
    - detail * luma.x * (d1.a + luma.y * d2.a);
}

vec3 managed(vec3 value) {
  vec3 clamped = clamp(value, 0.0, 1.0);
  return hasLut ? texture(lut, clamped * ((LUT_SIZE - 1.0) / LUT_SIZE) + 0.5 / LUT_SIZE).rgb : clamped;
}

vec3 overChecker(vec3 shown, float alpha) {
  vec2 cell = floor((gl_FragCoord.xy - offset) / checkerSize);
  vec3 ground = mod(cell.x + cell.y, 2.0) < 1.0 ? checker1 : checker2;
  return mix(ground, shown, alpha);
}

void main() {
  if (kind == 4) {
    float value = texture(image, place)[mapChannel] * mapScale;
    vec3 shade = texture(ramp, vec2(clamp(value, 0.0, 1.0) * (255.0 / 256.0) + 0.5 / 256.0, 0.5)).rgb;
    float cover = mix(mapFloor, 0.75, clamp(value, 0.0, 1.0));
    colour = vec4(shade * cover, cover);
    return;
  }
  vec4 pixel = texture(image, place);
  if (kind == 2) {
    colour = vec4(clamp(0.5 + amplification * removed(), 0.0, 1.0), 1.0);
    return;
  }
  vec3 shown = overChecker(managed(kind == 1 ? pixel.rgb - removed() : pixel.rgb), pixel.a);
  if (kind == 3) shown = vec3(dot(shown, vec3(0.299, 0.587, 0.114))) * 0.55;
  if (hatch) {
    float stripe = mod(gl_FragCoord.x + gl_FragCoord.y, 12.0);
    shown = mix(shown, vec3(1.0), stripe < 1.0 ? 0.09 : 0.0);
    shown = mix(shown, vec3(0.0), stripe >= 1.0 && stripe < 2.0 ? 0.09 : 0.0);
  }
  colour = vec4(shown, 1.0);
}`;
