// Files people write. YAML 1.2 in, a checked value out, or one line that says where the mistake is and what to do.
export { checkShape } from './check-shape.ts';
export type { YamlFileRequest, YamlRequest } from './read-yaml.ts';
export { readYaml, readYamlFile, readYamlText } from './read-yaml.ts';
export { refusal } from './refusal.ts';
