import { LUT_SIZE } from '../../../../preload/vocabulary.js';
import type { Box, Size } from '../../../elements/pan-zoom/viewport.js';
import { linkProgram } from './program.js';
import { FRAGMENT, KINDS, UNIFORMS, UNITS, VERTEX, type Kind } from './shaders.js';

/** A texture and what it takes. */
export interface Texture {
  readonly handle: WebGLTexture;
  readonly bytes: number;
}

export interface Weights {
  readonly lumaWeights: readonly [number, number, number];
  /** Shares of the first and second pass. */
  readonly luma: readonly [number, number];
  readonly chroma: readonly [number, number];
  readonly detail: number;
}

export interface Layer {
  readonly kind: Kind;
  /** On the canvas, in device pixels from its top left corner. */
  readonly rect: Box;
  readonly image: Texture;
  readonly first?: Texture;
  readonly second?: Texture | null;
  /** Sharp pixels instead of smooth ones. */
  readonly sharp: boolean;
  readonly hatch?: boolean;
}

export interface MapStyle {
  readonly channel: 0 | 1;
  readonly scale: number;
  /** How much of the photo the lowest value covers. */
  readonly floor: number;
  readonly ramp: Texture;
}

export type Rgb01 = readonly [number, number, number];

const CHECKER_CSS_PX = 8;

/** Draws textured rectangles with WebGL 2. Knows of textures and rectangles, not of photos. */
export class Painter {
  private readonly program: WebGLProgram;
  private readonly uniforms: Readonly<Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>>;
  private readonly smooth: WebGLSampler;
  private readonly sharp: WebGLSampler;
  private readonly blank: Texture;
  private readonly blankLut: Texture;
  private lut: Texture | null = null;
  private size: Size = { width: 1, height: 1 };

  /** @throws where the shaders do not compile, or the context is lost meanwhile */
  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = linkProgram(gl, VERTEX, FRAGMENT);
    gl.useProgram(this.program);
    const locate = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(this.program, name);
    this.uniforms = Object.fromEntries(UNIFORMS.map((name) => [name, locate(name)])) as typeof this.uniforms;
    for (const [name, unit] of Object.entries(UNITS)) gl.uniform1i(locate(name), unit);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    const corner = gl.getAttribLocation(this.program, 'corner');
    gl.enableVertexAttribArray(corner);
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
    this.smooth = this.sampler(gl.LINEAR);
    this.sharp = this.sampler(gl.NEAREST);
    // 128 stands for nothing removed.
    this.blank = this.upload(new Uint8Array([128, 128, 128, 128]), 1, 1);
    this.blankLut = this.uploadLut(new Uint8Array(4), 1);
    gl.disable(gl.DEPTH_TEST);
    gl.enable(gl.SCISSOR_TEST);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Takes raw RGBA to the graphics card. */
  upload(rgba: Uint8Array, width: number, height: number): Texture {
    const { gl } = this;
    const handle = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, handle);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
    return { handle, bytes: width * height * 4 };
  }

  /** Takes a table of colours to the graphics card, as PhotoView.lut has it. */
  uploadLut(rgba: Uint8Array, side = LUT_SIZE): Texture {
    const { gl } = this;
    const handle = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + UNITS.lut);
    gl.bindTexture(gl.TEXTURE_3D, handle);
    gl.texStorage3D(gl.TEXTURE_3D, 1, gl.RGBA8, side, side, side);
    gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, 0, side, side, side, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
    return { handle, bytes: side ** 3 * 4 };
  }

  dispose(texture: Texture): void {
    this.gl.deleteTexture(texture.handle);
  }

  /** Makes all of the canvas transparent. */
  clear(size: Size): void {
    const { gl } = this;
    this.size = size;
    gl.viewport(0, 0, size.width, size.height);
    this.clip({ left: 0, top: 0, ...size });
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  /** Starts a picture: everything is clear until layers are drawn. */
  begin(size: Size, lut: Texture | null, weights: Weights, amplification: number): void {
    const { gl, uniforms } = this;
    this.clear(size);
    this.lut = lut;
    gl.uniform2f(uniforms.canvas, size.width, size.height);
    gl.uniform1i(uniforms.hasLut, lut === null ? 0 : 1);
    gl.uniform3f(uniforms.lumaWeights, ...weights.lumaWeights);
    gl.uniform2f(uniforms.luma, ...weights.luma);
    gl.uniform2f(uniforms.chroma, ...weights.chroma);
    gl.uniform1f(uniforms.detail, weights.detail);
    gl.uniform1f(uniforms.amplification, amplification);
  }

  checker(first: Rgb01, second: Rgb01, pixelRatio: number): void {
    const { gl, uniforms } = this;
    gl.uniform3f(uniforms.checker1, ...first);
    gl.uniform3f(uniforms.checker2, ...second);
    gl.uniform1f(uniforms.checkerSize, CHECKER_CSS_PX * pixelRatio);
  }

  /** Draws only within a rectangle of the canvas from now on. */
  clip(box: Box): void {
    const left = Math.round(box.left);
    const top = Math.round(box.top);
    const right = Math.round(box.left + box.width);
    const bottom = Math.round(box.top + box.height);
    this.gl.scissor(left, this.size.height - bottom, Math.max(0, right - left), Math.max(0, bottom - top));
    this.gl.uniform2f(this.uniforms.offset, left, this.size.height - top);
  }

  draw(layer: Layer): void {
    const { gl, uniforms } = this;
    gl.uniform1i(uniforms.kind, KINDS[layer.kind]);
    gl.uniform1i(uniforms.hatch, layer.hatch === true ? 1 : 0);
    this.quad(layer, layer.first ?? this.blank, layer.second ?? this.blank, this.blank);
  }

  /** Lays a map over what is drawn. */
  drawMap(image: Texture, rect: Box, style: MapStyle): void {
    const { gl, uniforms } = this;
    gl.uniform1i(uniforms.kind, KINDS.map);
    gl.uniform1i(uniforms.mapChannel, style.channel);
    gl.uniform1f(uniforms.mapScale, style.scale);
    gl.uniform1f(uniforms.mapFloor, style.floor);
    gl.enable(gl.BLEND);
    this.quad({ image, rect, sharp: false }, this.blank, this.blank, style.ramp);
    gl.disable(gl.BLEND);
  }

  private quad(layer: Pick<Layer, 'image' | 'rect' | 'sharp'>, first: Texture, second: Texture, ramp: Texture): void {
    const { gl } = this;
    const { rect } = layer;
    gl.uniform4f(this.uniforms.rect, rect.left, rect.top, rect.width, rect.height);
    const sampler = layer.sharp ? this.sharp : this.smooth;
    const bind = (unit: number, target: GLenum, texture: Texture, by: WebGLSampler): void => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(target, texture.handle);
      gl.bindSampler(unit, by);
    };
    bind(UNITS.image, gl.TEXTURE_2D, layer.image, sampler);
    bind(UNITS.first, gl.TEXTURE_2D, first, sampler);
    bind(UNITS.second, gl.TEXTURE_2D, second, sampler);
    bind(UNITS.ramp, gl.TEXTURE_2D, ramp, this.smooth);
    bind(UNITS.lut, gl.TEXTURE_3D, this.lut ?? this.blankLut, this.smooth);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  private sampler(filter: GLenum): WebGLSampler {
    const { gl } = this;
    const sampler = gl.createSampler();
    gl.samplerParameteri(sampler, gl.TEXTURE_MIN_FILTER, filter);
    gl.samplerParameteri(sampler, gl.TEXTURE_MAG_FILTER, filter);
    for (const axis of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R]) {
      gl.samplerParameteri(sampler, axis, gl.CLAMP_TO_EDGE);
    }
    return sampler;
  }
}
