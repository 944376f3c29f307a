import { onMounted, type Ref, ref } from 'vue'

export const frameworks = ['React', 'Vue', 'Svelte'] as const

export type Framework = (typeof frameworks)[number]

const key = 'nanopeer-framework'

/** One choice for the whole site: whoever reads Vue on one page reads Vue on the next. */
const chosen = ref<Framework>('React')

const isFramework = (text: string | null): text is Framework =>
  frameworks.some((framework) => framework === text)

/** The chosen framework; what is kept from an earlier visit counts from when the component is mounted. */
export function useFramework(): { chosen: Ref<Framework>; choose: (framework: Framework) => void } {
  onMounted(() => {
    const kept = localStorage.getItem(key)
    if (isFramework(kept)) chosen.value = kept
  })
  return {
    chosen,
    choose(framework) {
      chosen.value = framework
      localStorage.setItem(key, framework)
    },
  }
}
