export { type LoadedTask, type LoadOptions, loadTask, registerTask, taskNames } from './registry.ts'
export type {
  Generator,
  HiddenTest,
  ItemMeta,
  ItemRequest,
  NumberItem,
  ProgramItem,
  Split,
  TaskItem,
} from './task-item.ts'
