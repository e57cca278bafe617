// npm run build: the npm package's `dist/`, one configuration after the other, quietly.
import { build } from 'rolldown';
import configurations from './rolldown.config.mjs';

for (const configuration of configurations) await build(configuration);
