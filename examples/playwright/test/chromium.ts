// The browser of the system, so that none has to be downloaded.
import { existsSync } from 'node:fs';

const PLACES = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

export const chromium: string | undefined = PLACES.find((path) => path !== undefined && existsSync(path));
