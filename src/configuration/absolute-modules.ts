import { resolve } from 'node:path';
import type { Layer } from './configuration-schema.ts';

/** As much of a layer as matters here. */
interface Providers {
  readonly llm?: { readonly providers?: { readonly [name: string]: { readonly module?: string } } };
}

/** The layer with the files of plug-ins by their absolute paths: a relative one counts from the folder of the file it is written in. */
export function absoluteModules(layer: Layer, folder: string): { readonly [key: string]: unknown } {
  const { llm }: Providers = layer;
  if (llm?.providers === undefined) return layer;
  const located = Object.entries(llm.providers).map(([name, provider]) => {
    const { module: file } = provider;
    return [name, file === undefined ? provider : { ...provider, module: resolve(folder, file) }];
  });
  return { ...layer, llm: { ...llm, providers: Object.fromEntries(located) } };
}
