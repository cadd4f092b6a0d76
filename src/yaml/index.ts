// Files people write. YAML 1.2 in, a checked value out, or one line that says where the mistake is and what to do.
export { checkShape } from './check-shape.ts';
export { locateInYaml } from './locate-in-yaml.ts';
export type { NamedFile, NamedKind } from './named-files.ts';
export { listNamedFiles, resolveNamedFile } from './named-files.ts';
export type { YamlFileRequest, YamlRequest } from './read-yaml.ts';
export { readYaml, readYamlFile, readYamlText } from './read-yaml.ts';
export { refusal } from './refusal.ts';
